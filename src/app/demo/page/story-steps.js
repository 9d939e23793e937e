/** The steps of the story, as the server plays them, and their captions. */
export const STEPS = [
  {
    name: 'sign-in',
    caption:
      'Somebody signs in, on both sides. Each browser gets a refresh token in its cookie: call it A.',
  },
  {
    name: 'two-tabs',
    row: 'two-tabs',
    caption: 'Two tabs are open, and both refresh at the same moment. Both send the same token.',
  },
  {
    name: 'lost-response',
    row: 'lost-response',
    caption:
      'A tab refreshes and the server replaces its token, but the network loses the response. So the browser sends the old token again.',
  },
  {
    name: 'copied-token',
    row: 'theft',
    caption: 'A thief copies the cookie. Then the owner refreshes, which replaces the token.',
  },
  {
    name: 'theft',
    row: 'theft',
    caption:
      'The thief uses the copy, later than the leeway: 5 seconds here, 30 in an app. So it can be neither a second tab nor a lost response.',
  },
];
