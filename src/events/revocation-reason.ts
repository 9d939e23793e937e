/** Why a session ended before it expired. */
export type RevocationReason =
  | 'logout'
  | 'logout_all'
  | 'new_login'
  | 'revoked'
  | 'password_changed'
  | 'session_limit'
  | 'user_gone'
  | 'reuse'
  | 'everything';
