// The module's own memory and table of references can be watched only if it is seen when it is made, which is at the
// first `new ManagementClient()`.
const instances = [];
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, given) {
    const instance = Reflect.construct(target, given);
    instances.push(instance);
    return instance;
  },
});

/** How large the module of the package is by now. */
export function size() {
  const [{ exports }] = instances;
  const of = (type) => Object.values(exports).filter((value) => value instanceof type);
  const references = Math.max(...of(WebAssembly.Table).map(({ length }) => length));
  return { references, bytes: of(WebAssembly.Memory)[0].buffer.byteLength };
}
