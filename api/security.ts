import { isIP } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
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
        // A chart that is saved as PNG is drawn from its SVG, which the page made.
        imgSrc: ["'self'", 'blob:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
      },
    },
    // The server speaks plain HTTP on loopback; a proxy with TLS adds its own.
    strictTransportSecurity: false,
  });
}

/** The policy of report.html: one file with its styles inside, and no script. */
const reportPolicy: RequestHandler = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: { ...CLOSED, styleSrc: ["'unsafe-inline'"], imgSrc: ['data:'], fontSrc: ['data:'] },
});

/** The policy of /api/docs, whose component brings styles of its own inside. */
export const docsPolicy: RequestHandler = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    ...CLOSED,
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
  },
});

/** Sets the policy of report.html instead of the page's. */
export function withReportPolicy(request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    reportPolicy(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
  });
}

/**
 * Refuses requests whose Host is neither a loopback name nor one of `hosts`, so that a page elsewhere cannot
 * rebind its own name to this server. Where a host is every address, plain IP addresses pass: they cannot be rebound.
 */
export function knownHostsOnly(hosts: readonly string[]): RequestHandler {
  const isKnown = knownNames(hosts);
  return (request, _response, next) => {
    const value = request.headers.host ?? '';
    const name = hostnameOf(value);
    if (name !== undefined && isKnown(name)) {
      next();
      return;
    }
    throw new Problem('host-refused', 403, `This server does not answer for the host "${value}".`, {
      field: 'Host',
      value,
    });
  };
}

/** Whether a hostname is this server's. */
function knownNames(hosts: readonly string[]): (name: string) => boolean {
  const known = new Set([...LOOPBACK_NAMES, ...hosts.map((host) => bracketed(host.toLowerCase()))]);
  const anyAddress = hosts.some((host) => EVERY_ADDRESS.includes(host));
  return (name) => known.has(name) || (anyAddress && isIP(name.replace(/^\[|\]$/g, '')) !== 0);
}

/**
 * Refuses requests that a page from elsewhere makes: those with an Origin that is not this server, and those that a browser says
 * are cross-site.
 */
export function sameOriginOnly(hosts: readonly string[]): RequestHandler {
  const isKnown = knownNames(hosts);
  return (request, _response, next) => {
    const { origin } = request.headers;
    const site = request.headers['sec-fetch-site'];
    const isOwn =
      origin === undefined ||
      (URL.canParse(origin) &&
        isKnown(new URL(origin).hostname) &&
        new URL(origin).host === request.headers.host);
    // A link to the page from elsewhere is followed; what a page elsewhere fetches is not given.
    const isFetched = site === 'cross-site' && request.headers['sec-fetch-mode'] !== 'navigate';
    if (isOwn && !isFetched) {
      next();
      return;
    }
    throw new Problem('origin-refused', 403, `This server does not answer pages of "${origin ?? site}".`, {
      field: 'Origin',
      value: origin ?? '',
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
