import { ErrorCode, NatsError } from 'nats';
import type { ProblemKind } from '../health/consumer-reading.js';

/** A question that was not answered. Only its kind leaves this folder; the cause is for the debug log. */
export class ReadProblem extends Error {
  override readonly name = 'ReadProblem';
  readonly kind: ProblemKind;

  constructor(kind: ProblemKind, cause?: unknown) {
    super(kind, { cause });
    this.kind = kind;
  }
}

/** The time of the round was over before this was asked: which tells nothing of whoever would have been asked. */
export class NeverAskedError extends ReadProblem {
  constructor() {
    super('timeout');
  }
}

/** The server says that what was asked about does not exist: a definite answer, not a problem. */
export class AbsentError extends Error {
  override readonly name = 'AbsentError';
}

/** The `error` of a JetStream API answer. */
export interface ApiError {
  /** As in HTTP. */
  readonly code: number;
  /** The server's own number; 0 when there was none. */
  readonly errCode: number;
}

/** Numbers of the server's error list (`errors.json` of nats-server). */
const ERR = {
  insufficientResources: 10_023,
  clusterNotAvailable: 10_008,
  consumerNotFound: 10_014,
  streamNotFound: 10_059,
  jetStreamNotEnabled: 10_076,
  jetStreamNotEnabledForAccount: 10_039,
};

/** What an API error means for a reading. */
export function errorOfApi(error: ApiError): AbsentError | ReadProblem {
  switch (error.errCode) {
    case ERR.consumerNotFound:
    case ERR.streamNotFound:
      return new AbsentError();
    case ERR.jetStreamNotEnabledForAccount:
      return new ReadProblem('jetstream_off_for_account', error);
    case ERR.jetStreamNotEnabled:
      return new ReadProblem('jetstream_off', error);
    case ERR.clusterNotAvailable:
      return new ReadProblem('no_quorum', error);
    case ERR.insufficientResources:
      return new ReadProblem('overloaded', error);
    default:
      return new ReadProblem(error.code === 429 ? 'overloaded' : 'server', error);
  }
}

const KIND_OF_CODE: Readonly<Record<string, ProblemKind>> = {
  [ErrorCode.Timeout]: 'timeout',
  [ErrorCode.NoResponders]: 'jetstream_off',
  [ErrorCode.PermissionsViolation]: 'permission',
  [ErrorCode.AuthorizationViolation]: 'auth',
  [ErrorCode.AuthenticationExpired]: 'auth',
  [ErrorCode.AccountExpired]: 'auth',
  [ErrorCode.AuthenticationTimeout]: 'auth',
  [ErrorCode.BadAuthentication]: 'auth',
  [ErrorCode.BadCreds]: 'auth',
  [ErrorCode.ConnectionClosed]: 'disconnected',
  [ErrorCode.ConnectionRefused]: 'disconnected',
  [ErrorCode.ConnectionTimeout]: 'disconnected',
  [ErrorCode.Disconnect]: 'disconnected',
};

/** Turns anything thrown by the client into a kind. The client's codes are text, also where they look like numbers. */
export function problemKindOf(error: unknown): ProblemKind {
  if (error instanceof ReadProblem) return error.kind;
  if (error instanceof NatsError) return KIND_OF_CODE[error.code] ?? 'server';
  return 'server';
}
