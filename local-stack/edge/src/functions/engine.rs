//! Runs functions in `QuickJS`. Each thread has one engine for each function and drops it after a failure.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::{Arc, Weak};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use cdn_config::behaviors::Target;
use cdn_config::functions::MAX_MEMORY_BYTES;
use hmac::{Hmac, Mac as _};
use jiff::Timestamp;
use rquickjs::context::intrinsic;
use rquickjs::loader::{BuiltinLoader, BuiltinResolver};
use rquickjs::promise::MaybePromise;
use rquickjs::{CatchResultExt, Context, Ctx, Function, Module, Object, Persistent, Runtime, Value};
use sha2::Sha256;

use super::error::FunctionError;
use super::key_values::KeyValues;

mod target;

/// The modules that functions import, in the order of loading. The last one removes the global `host`.
const MODULES: [(&str, &str); 2] =
    [("crypto", include_str!("crypto.js")), ("cloudfront", include_str!("cloudfront.js"))];

/// The engine reports every 10,000 calls and loop iterations. A usual request takes some hundred of them, and the most
/// expensive URL that CloudFront accepts takes fewer reports than this. A function that needs more is treated as
/// endless.
const MAX_REPORTS: u32 = 100;

/// A function's source, store and clock.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) source: Cow<'static, str>,
    pub(super) key_values: KeyValues,
    pub(super) clock: fn() -> Timestamp,
}

/// The result of a run.
pub(super) struct Run {
    /// The returned value as JSON.
    pub(super) result: String,
    /// The origin, or group of origins, that the function selected.
    pub(super) target: Option<Target>,
}

thread_local! {
    static ENGINES: RefCell<Vec<(Weak<Script>, Engine)>> = const { RefCell::new(Vec::new()) };
}

/// Creates the engine of this thread.
pub(super) fn load(script: &Arc<Script>) -> Result<(), FunctionError> {
    let engine = Engine::new(script)?;
    put_back(script, engine);
    Ok(())
}

/// Runs a function on an event.
pub(super) fn run(script: &Arc<Script>, event: &str) -> Result<Run, FunctionError> {
    let engine = match take(script) {
        Some(engine) => engine,
        None => Engine::new(script)?,
    };
    let run = engine.run(event)?;
    put_back(script, engine);
    Ok(run)
}

fn take(script: &Arc<Script>) -> Option<Engine> {
    ENGINES.with_borrow_mut(|engines| {
        let index = engines.iter().position(|(of, _)| std::ptr::eq(of.as_ptr(), Arc::as_ptr(script)))?;
        Some(engines.swap_remove(index).1)
    })
}

fn put_back(script: &Arc<Script>, engine: Engine) {
    ENGINES.with_borrow_mut(|engines| {
        engines.retain(|(of, _)| of.strong_count() > 0);
        engines.push((Arc::downgrade(script), engine));
    });
}

/// The parts of JavaScript's library that a function may use: no proxies, no weak references.
type Intrinsics = (
    intrinsic::Date,
    intrinsic::Eval,
    intrinsic::RegExpCompiler,
    intrinsic::RegExp,
    intrinsic::Json,
    intrinsic::MapSet,
    intrinsic::TypedArrays,
    intrinsic::Promise,
);

/// A loaded function. The fields are dropped in this order, as the engine requires.
struct Engine {
    handler: Persistent<Function<'static>>,
    context: Context,
    reports: Rc<Cell<u32>>,
    selected: Rc<RefCell<Option<Target>>>,
}

impl Engine {
    fn new(script: &Script) -> Result<Self, FunctionError> {
        let failed = |error: rquickjs::Error| FunctionError::Load(error.to_string());
        let runtime = Runtime::new().map_err(failed)?;
        let (mut names, mut sources) = (BuiltinResolver::default(), BuiltinLoader::default());
        for (name, source) in MODULES {
            names.add_module(name);
            sources.add_module(name, source);
        }
        runtime.set_loader(names, sources);
        let reports = Rc::new(Cell::new(0));
        let counter = Rc::clone(&reports);
        runtime.set_interrupt_handler(Some(Box::new(move || {
            counter.set(counter.get() + 1);
            counter.get() > MAX_REPORTS
        })));
        let context = Context::custom::<Intrinsics>(&runtime).map_err(failed)?;
        let selected = Rc::default();
        let handler = context.with(|ctx| {
            handler(&ctx, script, Rc::clone(&selected))
                .catch(&ctx)
                .map_err(|error| FunctionError::Load(error.to_string()))
        })?;
        let loaded = usize::try_from(runtime.memory_usage().malloc_size).unwrap_or_default();
        runtime.set_memory_limit(loaded + MAX_MEMORY_BYTES);
        Ok(Self { handler, context, reports, selected })
    }

    fn run(&self, event: &str) -> Result<Run, FunctionError> {
        self.reports.set(0);
        self.selected.take();
        let result = self.context.with(|ctx| {
            self.call(&ctx, event).catch(&ctx).map_err(|error| {
                if self.reports.get() > MAX_REPORTS {
                    return FunctionError::TooLong;
                }
                FunctionError::Failed(error.to_string())
            })
        })?;
        let result = result.ok_or_else(|| FunctionError::Result("nothing".to_owned()))?;
        Ok(Run { result, target: self.selected.take() })
    }

    /// Calls the handler and awaits its promise. Returns the JSON of the value, `None` for `undefined`.
    fn call<'js>(&self, ctx: &Ctx<'js>, event: &str) -> rquickjs::Result<Option<String>> {
        let event = ctx.json_parse(event)?;
        let handler = self.handler.clone().restore(ctx)?;
        let promise: MaybePromise<'js> = handler.call((event,))?;
        let value: Value<'js> = promise.finish()?;
        ctx.json_stringify(value)?.map(|json| json.to_string()).transpose()
    }
}

/// Loads the source and returns its function `handler`. The source doesn't export it: CloudFront finds it by its name.
fn handler(
    ctx: &Ctx<'_>,
    script: &Script,
    selected: Rc<RefCell<Option<Target>>>,
) -> rquickjs::Result<Persistent<Function<'static>>> {
    let key_values = script.key_values.clone();
    let host = Object::new(ctx.clone())?;
    host.set("get", Function::new(ctx.clone(), move |key: String| key_values.get(&key))?)?;
    let clock = script.clock;
    host.set("now", Function::new(ctx.clone(), move || clock().as_millisecond() as f64)?)?;
    host.set("hmac", Function::new(ctx.clone(), |key: String, text: String| hmac(&key, &text))?)?;
    let select = move |json: String| match target::read(&json) {
        Ok(target) => {
            *selected.borrow_mut() = Some(target);
            None
        }
        Err(problem) => Some(problem),
    };
    host.set("select", Function::new(ctx.clone(), select)?)?;
    ctx.globals().set("host", host)?;

    for (name, _) in MODULES {
        Module::evaluate(ctx.clone(), "start", format!("import '{name}';"))?.finish::<()>()?;
    }
    let source = format!("{}\nexport {{ handler }};", script.source);
    let (module, evaluated) = Module::declare(ctx.clone(), "function", source)?.eval()?;
    evaluated.finish::<()>()?;
    Ok(Persistent::save(ctx, module.get::<_, Function<'_>>("handler")?))
}

/// HMAC-SHA256 in the encoding that Node.js calls `base64url`: the URL-safe alphabet without padding.
#[expect(clippy::expect_used, reason = "HMAC accepts keys of every length")]
fn hmac(key: &str, text: &str) -> String {
    let keyed = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("a key of any length is accepted");
    BASE64_URL_SAFE_NO_PAD.encode(keyed.chain_update(text).finalize().into_bytes())
}

#[cfg(test)]
mod tests;
