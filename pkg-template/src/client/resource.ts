import { record } from "./objects.ts";
import type { ClientState } from "./state.ts";

/** The state behind each client and each of its resources: not a property, so that nothing shows or clones it. */
const states = new WeakMap<object, ClientState>();

/** A hidden property that returns the object which has a state, to what wraps or inherits from it, such as a Proxy. */
const SELF = Symbol("self");

type Wrapped = { [SELF]?: () => object } | undefined;

/** A group of operations, such as `client.users.roles`. */
export class Resource {
  constructor(parent: Resource) {
    bind(this, stateOf(parent));
  }
}

/** Gives a resource the state of its client. */
export function bind(resource: object, state: ClientState): void {
  states.set(resource, state);
  Object.defineProperty(resource, SELF, record({ value: () => resource }));
}

/** Returns the state of the client that a resource belongs to. */
export function stateOf(resource: object): ClientState {
  const state = states.get(resource) ?? states.get((resource as Wrapped)?.[SELF]?.() as object);
  if (!state) throw new TypeError("call it as client.users.get(id)");
  return state;
}
