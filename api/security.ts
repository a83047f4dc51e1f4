import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { Problem } from './problem.js';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const EVERY_ADDRESS = ['0.0.0.0', '::'];

const CLOSED = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/** Security headers of every answer: nothing inline and nothing from another host. */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        ...CLOSED,
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
      },
    },
    // The server speaks plain HTTP on loopback; a proxy with TLS adds its own.
    strictTransportSecurity: false,
  });
}

/** The policy of report.html: one file with its styles inside, and no script. */
export const reportPolicy: RequestHandler = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: { ...CLOSED, styleSrc: ["'unsafe-inline'"], imgSrc: ['data:'], fontSrc: ['data:'] },
});

/**
 * Refuses requests whose Host is neither a loopback name nor one of `hosts`, so that a page elsewhere cannot
 * rebind its own name to this server. Where a host is every address, plain IP addresses pass: they cannot be rebound.
 */
export function knownHostsOnly(hosts: readonly string[]): RequestHandler {
  const known = new Set([...LOOPBACK_NAMES, ...hosts.map((host) => bracketed(host.toLowerCase()))]);
  const anyAddress = hosts.some((host) => EVERY_ADDRESS.includes(host));
  return (request, _response, next) => {
    const value = request.headers.host ?? '';
    const name = hostnameOf(value);
    const isAddress = name !== undefined && isIP(name.replace(/^\[|\]$/g, '')) !== 0;
    if (name !== undefined && (known.has(name) || (anyAddress && isAddress))) {
      next();
      return;
    }
    throw new Problem('host-refused', 403, `This server does not answer for the host "${value}".`, {
      field: 'Host',
      value,
    });
  };
}

/** A host as it stands in a URL: IPv6 addresses in brackets. */
export function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

function hostnameOf(host: string): string | undefined {
  // No user, path or query may hide in a Host header.
  return /^[^/?#@\\\s]+$/.test(host) && URL.canParse(`http://${host}`)
    ? new URL(`http://${host}`).hostname
    : undefined;
}
