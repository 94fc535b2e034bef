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

/** How many values of the engine all modules hold on to. A table keeps its size when they are let go of. */
export function held() {
  const tables = instances.flatMap(({ exports }) =>
    Object.values(exports).filter((value) => value instanceof WebAssembly.Table),
  );
  let count = 0;
  for (const table of tables) for (let n = 0; n < table.length; n++) if (table.get(n) != null) count += 1;
  return count;
}
