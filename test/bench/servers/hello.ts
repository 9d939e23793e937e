/** What every measured GET route answers. */
export const HELLO = { message: 'Welcome! This is protected data.' };
