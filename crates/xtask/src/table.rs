//! Takes out of the function table what nothing calls any more.
//!
//! Whoever has its address taken has a place in the table, and stays in the module with all that it calls. Two kinds
//! outlive the code that took the address: closures whose only mention was in a description that wasm-bindgen has
//! evaluated (it exports those that are needed by name), and formatting for panic messages, which the panic handler of
//! the npm binary never reads.

use anyhow::{Result, bail};
use walrus::{ConstExpr, ElementItems, FunctionBuilder, FunctionId, Module};

/// Is it one of those, going by the name that the compiler gave it?
fn is_dead(name: &str) -> bool {
    let is_closure_shim =
        name.contains("wasm_bindgen") && name.contains("closures") && name.contains("invoke");
    let is_formatting =
        name.contains("fmt") && (name.contains("Display") || name.contains("Debug"));
    is_closure_shim
        || is_formatting
        || name.contains("link_mem_intrinsics")
        || name.contains("jspi")
}

/// Puts a function that traps in their places; the optimiser then removes what only they kept.
pub fn prune(module: &mut Module) -> Result<()> {
    let mut trap = FunctionBuilder::new(&mut module.types, &[], &[]);
    trap.func_body().unreachable();
    let trap = trap.finish(Vec::new(), &mut module.funcs);
    let dead = |id: FunctionId, module: &walrus::ModuleFunctions| {
        module.get(id).name.as_deref().is_some_and(is_dead)
    };
    let mut places = 0_usize;
    for element in module.elements.iter_mut() {
        match &mut element.items {
            ElementItems::Functions(ids) => {
                for id in ids.iter_mut().filter(|id| dead(**id, &module.funcs)) {
                    *id = trap;
                    places = places.saturating_add(1);
                }
            }
            ElementItems::Expressions(_, items) => {
                for item in items {
                    if let ConstExpr::RefFunc(id) = item
                        && dead(*id, &module.funcs)
                    {
                        *id = trap;
                        places = places.saturating_add(1);
                    }
                }
            }
        }
    }
    if places == 0 {
        bail!(
            "nothing in the function table has a name that is known to be dead; have the names gone?"
        );
    }
    Ok(())
}
