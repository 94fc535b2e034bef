// CommonJS shares the declarations, so it sees what an ES module has added to them. Compiled, never run.
import auth0 = require("auth0-users");
import added = require("./augmented.mjs");

declare const user: auth0.User;
const department: string | undefined = user.department;
const departments: typeof added.departments = [user.department];
// @ts-expect-error not what was declared
void user.departement;

export = { department, departments };
