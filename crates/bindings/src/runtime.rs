//! What std would bring along, in as few bytes as the npm package can do with.

// A panic would leave a promise pending for ever, so there is none to report: the lints of this
// crate keep them out of its own code.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
