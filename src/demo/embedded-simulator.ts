import { NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import type { FaultRule } from 'claude-api-simulator';
import type { AppSettings } from '../app.settings.js';

/** The key that `openClaudeEndpoint` gives to the simulator it starts, and to nothing else. */
const ITS_KEY = 'simulator';

type Endpoint = Pick<AppSettings, 'apiKey' | 'baseURL'>;

/** Where the simulator is that this process started; `undefined`: the API is somebody else's, and is left in peace. */
export function embeddedSimulatorUrl({ apiKey, baseURL }: Endpoint): string | undefined {
  return apiKey === ITS_KEY ? baseURL : undefined;
}

/** @throws {NotFoundException} where the API is somebody else's @throws {ServiceUnavailableException} */
export async function breakSimulator(endpoint: Endpoint, fault: FaultRule): Promise<void> {
  const url = embeddedSimulatorUrl(endpoint);
  if (url === undefined) throw new NotFoundException();
  const { ok } = await fetch(`${url}/_simulator/scenario/rules`, { method: 'POST', body: JSON.stringify(fault) });
  if (!ok) throw new ServiceUnavailableException();
}
