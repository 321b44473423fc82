/** Why a message was not sent, in words. A provider answers in words already; what was left out on purpose has a code. */
const LEFT_OUT: Record<string, string> = {
  sandbox: "Kept here and not sent: the connection is in sandbox mode.",
  no_consent: "Not sent: the contact has not allowed email.",
  cancelled: "Not sent: the execution was cancelled before.",
};

export function notSentWords(error: string): string {
  return LEFT_OUT[error] ?? error;
}
