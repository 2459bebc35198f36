import type { Catalogue } from './catalogue.js';

const busy = {
  message:
    'En este momento estamos atendiendo muchas solicitudes. Por favor, inténtelo de nuevo dentro de unos instantes.',
  withWhen: 'En este momento estamos atendiendo muchas solicitudes. Por favor, inténtelo de nuevo {when}.',
} as const;
const unavailable = {
  message: 'Esta función no está disponible en este momento. Por favor, inténtelo de nuevo en breve.',
  withWhen: 'Esta función no está disponible en este momento. Por favor, inténtelo de nuevo {when}.',
} as const;
const ourFault = {
  message: 'Ha surgido un problema por nuestra parte. Ya estamos al tanto y lo estamos revisando.',
} as const;

export const es = {
  messages: {
    invalid_request: {
      message: 'No se ha podido procesar una parte de esta solicitud. Por favor, revísela e inténtelo de nuevo.',
    },
    content_policy: {
      message: 'No podemos ayudarle con esta solicitud. Por favor, reformúlela e inténtelo de nuevo.',
    },
    authentication: ourFault,
    permission: ourFault,
    not_found: ourFault,
    too_large: {
      message:
        'El contenido es demasiado largo para procesarlo de una sola vez. Por favor, acórtelo o divídalo en partes.',
    },
    billing: {
      ...ourFault,
      withDate:
        'Esta función no está disponible en este momento. Está previsto que vuelva a estarlo a partir del {date}.',
    },
    rate_limited: busy,
    server_error: unavailable,
    overloaded: busy,
    timeout: {
      message: 'Esto ha tardado demasiado. Por favor, inténtelo de nuevo o pruebe con una solicitud más breve.',
    },
    connection: unavailable,
    cancelled: { message: 'Esta solicitud se ha cancelado.' },
    circuit_open: unavailable,
    internal: ourFault,
  },
  fallback: 'Esta es una versión simplificada. La versión completa volverá a estar disponible pronto.',
  originalText: 'Este es el texto original. El resumen no está disponible en este momento.',
  progress: {
    running: 'Estamos procesando su solicitud.',
    slow: 'Seguimos procesando su solicitud. Está tardando más de lo habitual.',
    retrying: 'Esto está tardando un poco más. Lo estamos intentando de nuevo.',
    resumed: 'Hubo una breve interrupción. La respuesta continúa donde se detuvo.',
    queued: 'Su solicitud está esperando su turno.',
    queuedAt: 'Su solicitud ocupa el puesto {position} en la cola.',
    queuedAtUntil: 'Su solicitud ocupa el puesto {position} en la cola. Su turno debería llegar {when}.',
    backgrounded:
      'Esto está llevando un tiempo, así que continuamos en segundo plano. Le avisaremos cuando haya un resultado.',
    done: 'Su resultado está listo.',
  },
  requests: {
    taken: 'Su solicitud se ha guardado y se responderá lo antes posible.',
    notFound: 'No encontramos esta solicitud. Es posible que ya no se conserve.',
    ended: 'Esta solicitud ya ha terminado.',
  },
  when: {
    seconds: { one: 'dentro de aproximadamente un segundo', other: 'dentro de unos {count} segundos' },
    minutes: { one: 'dentro de aproximadamente un minuto', other: 'dentro de unos {count} minutos' },
  },
} as const satisfies Catalogue;
