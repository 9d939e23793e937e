/** Secrets that stand in documentation and tutorials: Nest, Supabase, jwt.io, FastAPI, Spring, JHipster, Hasura … */
export const PUBLISHED = [
  'DO NOT USE THIS VALUE. INSTEAD, CREATE A COMPLEX SECRET AND KEEP IT SAFE OUTSIDE OF THE SOURCE CODE.',
  'super-secret-jwt-token-with-at-least-32-characters-long',
  'a-string-secret-at-least-256-bits-long',
  'a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long',
  'my-32-character-ultra-secure-and-ultra-long-secret',
  'this is my custom secret key for authentication',
  'this is my supper secret key for jwt',
  'thisisasecretkeyforjwtauthenticationpleasechangeit',
  '404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970',
  '3cfa76ef14937c1c0ea519f8fc057a80fcd04a7420f8e8bcd0a7567c272e007b',
  '9a4f2c8d3b7a1e6f45c8a0b3f267d8b1d4e6f3c8a9d2b5f8e3a9c8b5f6v8a3d9',
  '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
  'YWVuaXF1YWRpNWNlaXJpNmFlbTZkb283dXphaVF1b29oM3J1MWNoYWlyNHRoZWUzb2huZ2FpM211bGVlM0VpcAo=',
  'gfJR3k9mPqWxYzAbCdEfGhIjKlMnOpQr',
  'A2DmnJ65rfv4M3yLsqs3FOlmfyL6CNjFKOW01ab6e-WwvVoIt0K92g',
  'p2s5v8y/B?E(H+MbQeThWmZq4t6w9z$C&F)J@NcRfUjXn2r5u8x!A%D*G-KaPdSg',
];
