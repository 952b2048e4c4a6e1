//! The library of files: its store in the data folder, and the keeper of its records.

use std::path::Path;
use std::sync::Arc;

use cdn_config::policy::Keep;
use library::store::LibraryStore;
use local_library::RedbLibrary;
use local_s3::Principal;
use resize::edge::library_keeper::LibraryKeeper;
use resize::edge::render_service::RenderService;
use resize::edge::store::Store;

use super::addresses::Addresses;
use super::error::StackError;

/// The name of the file in the data folder.
const FILE: &str = "library.redb";

/// The library of a stack.
pub(super) struct Library {
    pub(super) store: Arc<dyn LibraryStore>,
    /// Another handle to the same store, which closes it.
    pub(super) file: RedbLibrary,
    /// `true` if the file was created just now: the originals of the data folder, if there are any, have no records yet.
    pub(super) is_new: bool,
}

/// Opens the library, and creates it if it is missing.
pub(super) async fn open(data: &Path) -> Result<Library, StackError> {
    let file = data.join(FILE);
    let opened = tokio::task::spawn_blocking(move || {
        let is_new = !file.exists();
        RedbLibrary::open(&file).map(|file| Library { store: Arc::new(file.clone()), file, is_new })
    });
    opened.await.map_err(StackError::set_up)?.map_err(StackError::set_up)
}

/// The keeper of the records. It reads originals in every state.
pub(super) fn keeper(
    addresses: &Addresses,
    principal: &Principal,
    library: &Library,
    render_service: Arc<RenderService>,
) -> LibraryKeeper {
    let config = addresses.image_store(principal, Keep::Never);
    LibraryKeeper { library: Arc::clone(&library.store), store: Store::new(&config), render_service }
}

/// Makes the records of a new library. Events make the same records, so a failure is only logged.
pub(super) async fn fill(keeper: LibraryKeeper) {
    match keeper.rebuild().await {
        Ok(0) => {}
        Ok(files) => tracing::info!(files, "the library was made from the originals"),
        Err(error) => {
            tracing::error!(%error, "the library isn't complete; `tintype library rebuild` makes it again");
        }
    }
}
