import type { WholeReply } from '../http/reply.js';

/** A page of the CDN in front of the API: HTML where clients expect JSON, and no sign of an organisation. */
export function edgePage(status: number, title: string, headers: Readonly<Record<string, string>>): WholeReply {
  const heading = title.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  const body = [
    '<html>',
    `<head><title>${status} ${heading}</title></head>`,
    '<body>',
    `<center><h1>${status} ${heading}</h1></center>`,
    '<hr><center>cloudflare</center>',
    '</body>',
    '</html>',
    '',
  ].join('\r\n');
  const own = { 'content-type': 'text/html; charset=UTF-8', server: 'cloudflare', 'cache-control': 'no-store' };
  return { kind: 'whole', status, headers: { ...own, ...headers }, body };
}
