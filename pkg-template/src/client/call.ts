// From a method to its call in the module, and back to a promise.

import { callArguments, unlistedArguments } from "./arguments.ts";
import { locate } from "./argument-errors.ts";
import { record } from "./objects.ts";
import { operationIndex } from "./operation-names.ts";
import { OPERATIONS, type OperationName } from "./operations.ts";
import { settled } from "./outcome.ts";
import { HttpResponsePromise } from "./promise.ts";
import { stateOf } from "./resource.ts";
import type { Answer } from "./responses.ts";

type Work<T> = (callSite: Error, resolve: (value: T) => void, reject: (error: unknown) => void) => void;

/** Begins a call of a method. If its arguments are wrong, the promise rejects with an error that names it; none throws. */
function begin<T>(operation: string, callSite: Error, work: Work<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    try {
      work(callSite, resolve, reject);
    } catch (error) {
      reject(locate(error, operation, callSite));
    }
  });
}

function send<T>(
  resource: object,
  name: OperationName,
  ids: unknown[],
  request: unknown,
  requestOptions: unknown,
  callSite: Error,
): Promise<T> {
  return begin<T>(name, callSite, (site, resolve, reject) => {
    const { core, headers } = stateOf(resource);
    const operation = record(OPERATIONS[name]);
    const call = callArguments(operation, name, request, requestOptions, headers);
    core.call(operationIndex(name), ids, call, site, resolve, reject);
  });
}

/** Calls an operation for its resource: with the identifiers of its path, what it takes, and the options of the call. */
export function call<T>(
  resource: object,
  name: OperationName,
  ids: unknown[],
  request: unknown,
  requestOptions: unknown,
): HttpResponsePromise<T> {
  const answer = send<Answer<T>>(resource, name, ids, request, requestOptions, new Error());
  return HttpResponsePromise.from(settled(answer, () => stateOf(resource).client, name, ids));
}

/** Calls an operation that gives pages. */
export function list<P>(
  resource: object,
  name: OperationName,
  ids: unknown[],
  request: unknown,
  requestOptions: unknown,
): Promise<P> {
  return send<P>(resource, name, ids, request, requestOptions, new Error());
}

/** Calls an endpoint that is not among the operations. */
export function callUnlisted<T>(client: object, request: unknown, requestOptions: unknown): HttpResponsePromise<T> {
  const answer = begin<Answer<T>>("request", new Error(), (site, resolve, reject) => {
    const { core, headers } = stateOf(client);
    core.request(unlistedArguments(request, requestOptions, headers), site, resolve, reject);
  });
  return HttpResponsePromise.from(settled(answer, () => stateOf(client).client));
}
