// What every entry exports besides ManagementClient: what has a value in src/js/types/.
export {
  Management,
  ManagementError,
  ManagementTimeoutError,
  OutcomeUnknownError,
  isManagementError,
} from "./errors.ts";
