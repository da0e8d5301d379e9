import { describe, expect, test } from 'vitest';

import { propertiesOf, type SynthesisedTemplate, synthesise } from './synthesis.ts';

/** The address that each function puts before every link. */
function publicUrlsOf(service: SynthesisedTemplate): unknown[] {
  const told = propertiesOf(service, 'AWS::Lambda::Function').map(
    ({ Environment }) => Environment.Variables.PUBLIC_URL,
  );
  return [...new Map(told.map(url => [JSON.stringify(url), url])).values()];
}

const outputOf = (service: SynthesisedTemplate, name: string): unknown => service.findOutputs(name)[name]?.Value;

describe('the address that readers see', () => {
  test("is the API's own where the stage names none", () => {
    const { service } = synthesise({ publicUrl: undefined });
    const [api = ''] = Object.keys(service.findResources('AWS::ApiGatewayV2::Api'));
    const itsOwn = { 'Fn::GetAtt': [api, 'ApiEndpoint'] };
    expect(publicUrlsOf(service)).toEqual([itsOwn]);
    expect(outputOf(service, 'PublicUrl')).toEqual(itsOwn);
  });

  test('is the one of the stage where something else serves it', () => {
    const { service } = synthesise({ publicUrl: 'https://papers.home.arpa' });
    expect(publicUrlsOf(service)).toEqual(['https://papers.home.arpa']);
    expect(outputOf(service, 'PublicUrl')).toBe('https://papers.home.arpa');
  });
});
