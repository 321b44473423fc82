/** What each kind of connection asks for. */
import type { FormField } from "./form";

const NAMED: readonly FormField[] = [
  { name: "name", label: "Name", kind: "text", placeholder: "Company mail" },
  { name: "key", label: "Key", kind: "text", onlyNew: true, follows: "name", hint: "Workflows name the connection by it; it never changes.", placeholder: "mail" },
];

export const SMTP_FIELDS: readonly FormField[] = [
  ...NAMED,
  { name: "config.host", label: "Host", kind: "text", placeholder: "smtp.example.com" },
  { name: "config.port", label: "Port", kind: "number", initial: 587 },
  { name: "config.security", label: "Encryption", kind: "select", options: [["starttls", "STARTTLS"], ["tls", "TLS from the start"], ["none", "None"]] },
  { name: "config.username", label: "User name", kind: "text", optional: true },
  { name: "secret.password", label: "Password", kind: "password", optional: true, secret: true },
  { name: "config.from_email", label: "From address", kind: "email", placeholder: "hello@example.com" },
  { name: "config.from_name", label: "From name", kind: "text", optional: true },
];

export const HTTP_FIELDS: readonly FormField[] = [
  ...NAMED,
  { name: "config.host", label: "Host", kind: "text", hint: "The only host this sign-in is sent to.", placeholder: "api.example.com" },
  { name: "config.header", label: "Header", kind: "text", initial: "Authorization" },
  { name: "secret.value", label: "Header value", kind: "password", secret: true, hint: "Such as “Bearer …”." },
];
