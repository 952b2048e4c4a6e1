//! `GET /library/files`: a page of the caller's files.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use library::list::{Page, list};
use serde::Serialize;
use service::problem::Problem;

use super::access::{library, library_problem, may_see_area, scope};
use super::query::ListQuery;
use super::view::FileView;
use crate::error::{Cause, SignError};
use crate::http::api::{Api, ApiRoute};
use crate::http::caller::CallerContext;
use crate::http::problem::problem;

/// The query string of a request.
type Parameters = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// A page of files.
#[derive(Serialize)]
struct PageView<'a> {
    files: Vec<FileView<'a>>,
    /// The place of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

pub(crate) fn route() -> ApiRoute {
    ("/library/files", get(show).fallback(method_not_allowed))
}

#[tracing::instrument(name = "library", skip_all)]
async fn show(
    context: Result<CallerContext, SignError>,
    State(api): State<Arc<Api>>,
    parameters: Parameters,
) -> Response {
    match page(context, &api, parameters).await {
        Ok(Page { files, next }) => {
            let files = files.iter().filter_map(|record| FileView::new(record, &api.signer)).collect();
            axum::Json(PageView { files, cursor: next.map(|next| next.to_text()) }).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

async fn page(
    context: Result<CallerContext, SignError>,
    api: &Api,
    parameters: Parameters,
) -> Result<Page, Problem> {
    let store = library(api)?;
    let CallerContext { caller, .. } = context.map_err(problem)?;
    let unreadable = |_| problem(SignError::whole(Cause::Invalid("the query can't be read")));
    let query = ListQuery::parse(parameters.map_err(unreadable)?.0).map_err(problem)?;
    let scope = scope(&caller, query.owner.as_deref()).map_err(problem)?;
    let page = list(&**store, &scope, &query.filter, query.range, query.limit).await;
    let Page { files, next } = page.map_err(|error| library_problem(&error))?;
    Ok(Page { files: files.into_iter().filter(|record| may_see_area(&caller, record)).collect(), next })
}

async fn method_not_allowed() -> Problem {
    Problem::method_not_allowed("the files of the library are listed with GET", ["GET", "HEAD"])
}
