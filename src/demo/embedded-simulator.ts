import type { AppSettings } from '../app.settings.js';

/** The key that `openClaudeEndpoint` gives to the simulator it starts, and to nothing else. */
const ITS_KEY = 'simulator';

/** Where the simulator is that this process started; `undefined`: the API is somebody else's, and is left in peace. */
export function embeddedSimulatorUrl({ apiKey, baseURL }: Pick<AppSettings, 'apiKey' | 'baseURL'>): string | undefined {
  return apiKey === ITS_KEY ? baseURL : undefined;
}
