// What every entry exports besides ManagementClient: the names users see, and nothing of the machinery.
export { UsersClient } from "./bindgen/glue.js";
export {
  HttpResponsePromise,
  Management,
  ManagementError,
  ManagementTimeoutError,
  Page,
  isManagementError,
} from "./bindgen/js/face.js";
