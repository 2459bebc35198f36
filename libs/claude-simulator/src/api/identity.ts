/** The one organisation of a simulator; a fixed id keeps recorded answers the same from run to run. */
export const ORGANIZATION_ID = '5e0f1c9a-0000-4000-8000-000000000001';
export const WORKSPACE_ID = 'wrkspc_01SimulatorDefaultWorkspace';

/** Sent with every answer to a caller whose key is known. */
export const IDENTITY_HEADERS = {
  'anthropic-organization-id': ORGANIZATION_ID,
  'anthropic-workspace-id': WORKSPACE_ID,
} as const;
