import type { ClientState } from "./state.ts";

/** The state behind each client and each of its resources: not a property, so that nothing shows or clones it. */
const states = new WeakMap<object, ClientState>();

/** A group of operations, such as `client.users.roles`. */
export class Resource {
  constructor(parent: Resource) {
    bind(this, stateOf(parent));
  }
}

/** Gives a resource the state of its client. */
export function bind(resource: object, state: ClientState): void {
  states.set(resource, state);
}

/** Returns the state of the client that a resource belongs to. */
export function stateOf(resource: object): ClientState {
  const state = states.get(resource);
  if (!state) throw new TypeError("call the method on its client, as in client.users.get(id)");
  return state;
}
