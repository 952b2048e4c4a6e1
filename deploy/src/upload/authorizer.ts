// Authorization by tokens of an issuer. The gateway checks them before it calls the signer, which checks them again.
import * as apigateway from "aws-cdk-lib/aws-apigatewayv2";
import * as authorizers from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";

import type { Config } from "../config";

interface Issuer {
  readonly name: string;
  readonly audience: string;
}

/** The issuer of accepted tokens, if clients authenticate by tokens. */
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
  const trusted = issuer(config);
  if (!trusted) return undefined;
  return new authorizers.HttpJwtAuthorizer(`${Stack.of(scope).stackName}Issuer`, trusted.name, {
    jwtAudience: [trusted.audience],
  });
}
