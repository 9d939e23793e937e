/** Deletes the cookies of an ended session. For the guards; implemented in `http/`, where the cookies are set. */
export abstract class SessionCookies {
  abstract clearCookies(response: unknown): void;
}
