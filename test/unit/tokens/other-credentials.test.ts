import { describe, expect, it } from '@jest/globals';
import { isOtherCredential } from '../../../src/tokens/other-credentials.js';

const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex').toString('base64');
const json = (text: string) => Buffer.from(text).toString('base64url');
const x = (count: number) => 'xY7'.repeat(count).slice(0, count);
const digits = (count: number) => '0a1b2c3d'.repeat(count).slice(0, count);

describe('a credential with another purpose is known by its form:', () => {
  it.each<[string, string]>([
    ['a key of Stripe', 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'],
    ['a personal token of GitHub', 'github_pat_11ABCDEFG0abcdefghijkl'],
    ['an example', 'examplekey'],
    ['an example with a dash', 'EXAMPLE-SECRET'],
    ['an example with a space', 'example token'],
    ['a token of GitHub', `ghp_${x(36)}`],
    ['a key of Google', `AIza${x(35)}`],
    ['a key of OpenAI', `sk-${x(48)}`],
    ['a key of Anthropic', `sk-ant-api03-${x(20)}`],
    ['the secret of a webhook', `whsec_${x(32)}`],
    ['the secret of a webhook, padded', `whsec_${x(43)}=`],
    ['a token of Slack', `xoxb-123456789012-${x(24)}`],
    ['both keys of AWS', `AKIAIOSFODNN7EXAMPLE:${x(40)}`],
    ['a token of npm', `npm_${x(36)}`],
    ['a token of Hugging Face', `hf_${x(34)}`],
    ['a token of GitLab', `glpat-${x(20)}`],
    ['a key of SendGrid', `SG.${x(22)}.${x(43)}`],
    ['a token of DigitalOcean', `dop_v1_${digits(64)}`],
    ['a token of Shopify', `shpat_${digits(32)}`],
    ['a token of a Telegram bot', `123456789:${x(35)}`],
    ['a bcrypt hash', `$2b$12$${x(53)}`],
    ['an argon2 hash', `$argon2id$v=19$m=19456,t=2,p=1$${x(22)}$${x(43)}`],
    ['a PEM key', '-----BEGIN RSA PRIVATE KEY-----'],
    ['a public key of SSH', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5'],
    ['a public key of SSH on another curve', 'ecdsa-sha2-nistp256 AAAAE2VjZHNh'],
    ['a JWT', `${json('{"alg":"HS256"}')}.${x(40)}.${x(43)}`],
    ['a JWT with white space', json('{ "typ" : "JWT"')],
    ['a JWT with a certificate', json('{"x5c":["MIIB')],
    ['a JWT with the address of one', json('{"x5u":"https')],
    ['a JWT with the thumbprint of one', json('{"x5t":"abc')],
    ['the DER of an RSA key', hex('30820122300d06092a864886f70d01010105')],
    ['the DER of a key on a curve', hex('3059301306072a8648ce3d020106082a86')],
    ['the DER of an Ed25519 key', hex('302e020100300506032b657004220420ab')],
    ['the DER of an X25519 key', hex('302e020100300506032b656e04220420ab')],
    ['an RSA key by PKCS #1', hex('308204a40201000282010100c2ab')],
    ['a key by SEC 1', hex('30770201010420abcdef01')],
    ['a certificate', hex('3082030d308201f5a003020102021401')],
    ['the binary form of an SSH key', hex('0000000b7373682d656432353531')],
    ['the binary form of an SSH key on a curve', hex('000000136563647361 2d736861322d 6e69')],
    ['the binary form of a key of a security key', hex('0000001a736b2d7373682d65')],
    ['an OpenSSH key', hex('6f70656e7373682d6b65792d763100')],
  ])('%s', (_what, text) => {
    expect(isOtherCredential(text)).toBe(true);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['a word', 'counterexample'],
    ['an example of something else', 'example of mine'],
    ['something around an example', 'example+key'],
    ['too short for GitHub', `ghp_${x(35)}`],
    ['too long for GitHub', `ghp_${x(37)}`],
    ['something before it', `my-ghp_${x(36)}`],
    ['too short for a webhook', `whsec_${x(31)}`],
    ['a hash of no kind', `$9$${x(40)}`],
    ['a number and something short', `123456789:${x(34)}`],
    ['a number that is too short', `1234567:${x(35)}`],
    ['a boundary of no key', '-----BEGIN-----'],
    ['a boundary in small letters', '-----BEGIN a key-----'],
    ['a key of SSH without its content', 'ssh-rsa BBBB'],
    ['a curve of SSH without its name', 'ecdsa-sha2- AAAAE2VjZHNh'],
    ['JSON that is no header', json('{"sub":"ada","alg":"x"}')],
    ['JSON with an unknown certificate', json('{"x5q":"abc"}')],
    ['JSON with a list', json('["alg","typ"]')],
    ['JSON in JSON', json('[{"alg":"HS256"}]')],
    ['DER at an odd place', hex('f0 30820122 0000').slice(0, 4) + hex('02a864886f70d010')],
    ['the middle of an RSA key', hex('ab 308204a40201000282010100c2')],
    ['the middle of a key by SEC 1', hex('ab 30770201010420abcdef01')],
    ['the middle of a certificate', hex('ab 3082030d308201f5a0030201020214')],
    ['the middle of an SSH key', hex('ab 0000000b7373682d6564323535')],
    ['the middle of an OpenSSH key', hex('ab 6f70656e7373682d6b65792d7631')],
    ['an identifier that begins at half a byte', hex('a2 a864886f70d010 1ab0 00')],
  ])('but not %s', (_what, text) => {
    expect(isOtherCredential(text)).toBe(false);
  });
});
