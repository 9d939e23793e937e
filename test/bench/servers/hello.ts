/** The response of every measured GET route. */
export const HELLO = { message: 'Welcome! This is protected data.' };
