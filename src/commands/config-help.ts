/** The part of a help text about where the configuration comes from. */
export const CONFIG_HELP = `Options:
  --config FILE  configuration file; otherwise the one that JETSTREAM_STATUS_CONFIG names, otherwise
                 config/default.yaml of the working directory, otherwise the one that comes with the program
  --help         print this text

Environment, over the file:
  NATS_URL, NATS_CONTEXT, NATS_USER, NATS_PASSWORD, NATS_TOKEN, NATS_CREDS, NATS_NKEY, NATS_CA, NATS_CERT,
  NATS_KEY, HOST, PORT, ADMIN_HOST, ADMIN_PORT, LOG_LEVEL
`;
