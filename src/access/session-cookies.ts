/** Deletes the cookies of a session that is dead. What sets them, in `http/`, implements this for the guards. */
export abstract class SessionCookies {
  abstract clearCookies(response: unknown): void;
}
