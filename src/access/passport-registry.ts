import passport from 'passport';

/** A registry apart from the process-wide one, in which strategies of one name would replace each other. */
export const ownRegistry = new passport.Passport();
