import { gatus } from './gatus.js';
import { githubActions } from './github-actions.js';
import type { Integration } from './integration.js';
import { kubernetes } from './kubernetes.js';
import { openstatus } from './openstatus.js';
import { prometheus } from './prometheus.js';
import { uptimeKuma } from './uptime-kuma.js';

/** Every tool that a configuration can be printed for. Another one is a file in this folder and a row here. */
export const INTEGRATIONS: readonly Integration[] = [
  openstatus,
  gatus,
  uptimeKuma,
  prometheus,
  kubernetes,
  githubActions,
];
