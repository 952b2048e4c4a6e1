//! cdn-config
