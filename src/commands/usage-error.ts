/** The command line itself is wrong; the message is one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
