export const BATCHES_PATH = '/v1/messages/batches';
