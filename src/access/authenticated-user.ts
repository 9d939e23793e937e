/** The sender of a request, by the access token. The app's own claims stand beside `id` and `sessionId`. */
export interface AuthenticatedUser {
  /** The user's id, `sub`. */
  id: string;
  /** The session's id, `sid`. */
  sessionId: string;
  username?: string;
  email?: string;
  roles?: string[];
  [claim: string]: unknown;
}
