/** What to do with an application that keeps running; `simulatorUrl` where its API can be broken by hand. */
export function whatToTry(appUrl: string, operatorToken: string, simulatorUrl: string | undefined): readonly string[] {
  return [
    `  application   ${appUrl}`,
    `  chat          ${appUrl}/ in a browser`,
    `  background    ${appUrl}/summaries in a browser`,
    `  health        ${appUrl}/health/claude`,
    `  reviews       curl ${appUrl}/claude/reviews -H "authorization: Bearer ${operatorToken}"`,
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
