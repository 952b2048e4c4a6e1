//! upload-signer
