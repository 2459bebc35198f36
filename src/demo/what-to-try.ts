/** The address of the dashboard; with the token it signs in by itself. Browsers send no server what is after the `#`. */
export function dashboardUrl(appUrl: string, operatorToken: string | undefined): string {
  const token = operatorToken === undefined ? '' : `#token=${encodeURIComponent(operatorToken)}`;
  return `${appUrl}/claude/dashboard${token}`;
}

/**
 * What to do with an application that keeps running.
 *
 * @param operatorToken `undefined`: its owner knows it
 * @param simulatorUrl where its API can be broken by hand
 */
export function whatToTry(
  appUrl: string,
  operatorToken: string | undefined,
  simulatorUrl: string | undefined,
): readonly string[] {
  const bearer = `-H "authorization: Bearer ${operatorToken ?? '$OPERATOR_TOKEN'}"`;
  return [
    `  application   ${appUrl}`,
    `  chat          ${appUrl}/ in a browser`,
    `  background    ${appUrl}/summaries in a browser`,
    `  dashboard     ${dashboardUrl(appUrl, operatorToken)}`,
    `  health        ${appUrl}/health/claude`,
    `  its details   curl ${appUrl}/health/claude ${bearer}`,
    `  metrics       curl ${appUrl}/metrics ${bearer}`,
    `  reviews       curl ${appUrl}/claude/reviews ${bearer}`,
    '',
    'Try:',
    ...curl(`${appUrl}/summaries`, '{"document":"It was the best of times, it was the worst of times."}'),
    ...curl(`${appUrl}/classifications`, '{"text":"The invoice is wrong.","labels":["billing","delivery"]}'),
    ...curl(`${appUrl}/drafts`, '{"template":"Dear {{name}}, welcome!","variables":{"name":"Ada"}}'),
    ...curl(`-N ${appUrl}/chat`, '{"messages":[{"role":"user","content":"Tell me about lighthouses."}]}'),
    ...later(appUrl),
    ...(simulatorUrl === undefined ? [] : ['', ...breakIt(simulatorUrl)]),
    '',
    'Ctrl+C stops it.',
  ];
}

/** The 202 says where to look. */
function later(appUrl: string): readonly string[] {
  return [
    '',
    'Be answered later, and follow what happens (with the `eventsUrl` of the answer):',
    ...curl(`${appUrl}/summaries -H 'prefer: respond-async'`, '{"document":"Call me Ishmael. Some years ago..."}'),
    `  curl -N ${appUrl}/claude/requests/<requestId>/events`,
    `  curl -X DELETE ${appUrl}/claude/requests/<requestId>`,
  ];
}

function breakIt(simulatorUrl: string): readonly string[] {
  return [
    'Break the API, and mend it again:',
    `  curl -X PUT ${simulatorUrl}/_simulator/scenario -d '[{"fault":"overloaded"}]'`,
    `  curl -X DELETE ${simulatorUrl}/_simulator/scenario`,
  ];
}

function curl(url: string, json: string): readonly string[] {
  return [`  curl ${url} -H 'content-type: application/json' \\`, `    -d '${json}'`];
}
