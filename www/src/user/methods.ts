const METHODS: Record<string, string> = {
  "recovery-code": "Recovery code",
  "webauthn-platform": "Device biometrics",
  "webauthn-roaming": "Security key",
  email: "Email",
  guardian: "Guardian",
  passkey: "Passkey",
  password: "Password",
  phone: "Phone",
  push: "Push notification",
  totp: "One-time password",
};

/** What an authentication method is called where people read it. */
export const labelOfMethod = (type: string) => METHODS[type] ?? type;
