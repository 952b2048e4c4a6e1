// Tokens of an issuer, checked by the gateway before the signer is started, and by the signer again.
import * as apigateway from "aws-cdk-lib/aws-apigatewayv2";
import * as authorizers from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";

import type { Config } from "../config";

interface Issuer {
  readonly name: string;
  readonly audience: string;
}

/** Whose tokens are taken, if any. */
export function issuer(config: Config): Issuer | undefined {
  const { authentication } = config.upload;
  switch (authentication.kind) {
    case "session":
    case "open":
      return undefined;
    case "jwt":
      return { name: authentication.issuer, audience: authentication.audience };
    case "cognito": {
      const region = authentication.userPoolId.split("_")[0];
      const name = `https://cognito-idp.${region}.amazonaws.com/${authentication.userPoolId}`;
      return { name, audience: authentication.clientId };
    }
  }
}

export function authorizer(scope: Construct, config: Config): apigateway.IHttpRouteAuthorizer | undefined {
  const found = issuer(config);
  if (!found) return undefined;
  return new authorizers.HttpJwtAuthorizer(`${Stack.of(scope).stackName}Issuer`, found.name, {
    jwtAudience: [found.audience],
  });
}
