import { OPERATIONS, type OperationName } from "./operations.ts";

/** The names of the operations, in the order of the module's table. */
const NAMES = Object.keys(OPERATIONS);

/** Returns the index of an operation in the module's table. */
export const operationIndex = (name: OperationName): number => NAMES.indexOf(name);

/** Returns the name of an operation by its index; `request` stands for an endpoint that is not in the table. */
export const operationName = (index: number): string => NAMES[index] ?? "request";
