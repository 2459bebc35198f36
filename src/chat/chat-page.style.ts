/** What only the chat has. */
export const CHAT_STYLE = `
.mine { justify-self: end; max-width: 85%; background: var(--mine); border-radius: 1rem 1rem .25rem; padding: .6rem 1rem; }
footer { position: sticky; bottom: 0; background: linear-gradient(transparent, var(--paper) 1rem); padding-top: 1rem; }
@media (max-height: 34rem) { footer { position: static; } }
@media (forced-colors: active) { .mine { border: 1px solid; } }
@media print { .mine { border: 1px solid #888; } }
`;
