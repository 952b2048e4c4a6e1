// Secrets that Secrets Manager generates. A function gets the ARN and reads the secret at its start.
import { RemovalPolicy } from "aws-cdk-lib";
import * as secretsmanager from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";

import { accept } from "./nag";

/** The length in characters: enough for every use, and a multiple of four, so that the text is also valid base64. */
const CHARACTERS = 64;

/** A generated secret of letters and digits. */
export function generatedSecret(scope: Construct, id: string, description: string): secretsmanager.Secret {
  const secret = new secretsmanager.Secret(scope, id, {
    description,
    generateSecretString: { passwordLength: CHARACTERS, excludePunctuation: true },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  accept(secret, "SMG4", "Rotated by hand: the value is `new,old` during a rotation; see docs/operations.md.");
  return secret;
}
