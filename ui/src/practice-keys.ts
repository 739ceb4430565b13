// Published test keys of the ECR Hub’s gateway: they sign practice on this computer and nothing else.
/** Signs what a till asks a simulated gateway. */
export const TILL_KEY =
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDRHUCOiTS+4gRyDK3M/+zKym4u6WWhZSvuMUTU51XDwqJQ' +
  'U1Ky8ojIlkk811yy0n7aL54KM9O7NjMW7WL4X3MBbxYV0eESLcD/p97xr1L0WRm2pgMnCFbiSuR5oXM+l9md6pDxU9moE2/k' +
  'HbRoPQ1SEWci+P5oubruDrb3VCU4wWL8aJJ0jtBwKfh2orZma2Tm3/V2ISz0nVVwx7DMHI/f7qNAI1xxOhGTYE3zrAYFn0k1' +
  'eZW1px38oEO0+fuRJl2eTNkVoLQ+v8nT1NMfTQJ/sZ+9bpKA54GlQtetoInFKImt8jMNUej44O4Lcmwsgb1jiPKDT3uSjIxD' +
  'mTwA5mInAgMBAAECggEAGadlDBd5CRHhSbyUddnPyvEao1auySYIRah1sUjQFLwD/aa7NojajwEg6v3guW9pcIr28Hl7ODRm' +
  'ACIPSjkrermOFA8zdW93heWqTCweGSv1I5sqN9emEQzvCpzr7nnikKT+Mxz+TshTqcCbKU6UG8VWycuSKnben+XePGluR4/5' +
  'IMo6565jpvY9IYWN0/Q1EqLKshQBZGHVaR+vBCZBtEEourKmlbf3p9iszeWyG+VfVAOFMFEBS3q6F5SZ+SzO8qYKveNNF6FK' +
  '7oZvFbbiLHsnIHHLOg1MBu+hi3wyWNTZupss0dOPDd+5YdzL/+3pE/7kZRf7wEMPS/rA+8aGAQKBgQD0vTfcv69PCk75Uk0O' +
  'e32p48prRZkpkiixccxXYDJLxAzDFTWkOIQsyPGsAO+qdktzD0xhFA5JHNF83yQenLTxqanr2okty0a9ZB6WgbrFP06aW6PY' +
  '8tZQeVpOZmRiWVaE5qTCI3tfhtxxXlXYW7LAssJn8YBSQsCXWyrX7D7AoQKBgQDavGihxurcrJvy7DWUw+QEqjBe/FqPufqR' +
  '0PgIjR3KA9jNMfQMA8YGa6nV9TQUL5Efd1f2GeKmoEC3em4j1u7/dZ+yxfrmpPDxcPEnmIqZ3WIkWBU+JRpsY1J8sovzzmzP' +
  'jtoRfIxiLAG1bf9aGNXVJbImlwThucz9WDDYByuFxwKBgQCS90mjcyxYH42bJLQHPVsR+StlzY6TKyTqobaexbKOUvWC9KqY' +
  'qiOdLTILIyjIyW63cnlgVoXZm8ek3+61v07dTBAxBLOZ31bkhknkAZVhu4l9Igi7T+AoxSbYq54efR16g3Ju7pW4oKiiH48X' +
  'dMFb/DzH5Hs1asZyXZnVvhVU4QKBgH848oqVzejIJHRoWsnKHgdwjW3RzUKnY0wIhRtEKL1k+2Zt1Ypfb4AwgrnFQqMy/2+T' +
  '1H95ktBjiQCunv0NeDjxSw+KA2K/MLzdegYTvRm9H+YPrVtV7UZ5hnKszqXhvHwElGVzUZuQCPZjog/fPhAZOsMjN12q2cXI' +
  '06/yi6flAoGAar3nMp46dlD2ym9mYtPVsUELFgEhWaztxsyZI6d4JrETRWV3O5iaQS0CqfPBiBRljkwSv+mbg18W3Ns1mGvr' +
  '0PaznOJPsUb7Q3M/q86p4dOaHKw4LaiRG75LBOFVSU+GAYderyd9Xzd4ijjBDrn9SG7OdxvXVwCCb8C7TYhC3jI='

/** Checks what a simulated gateway answers. */
export const GATEWAY_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxE3gp1rkfDLAsF2vQXJUwWghkXPSVANWWyf6fFjPOxgVXeDVGPTC' +
  'zMyUuNJXgccUeCOhOqbtw3wf2B7kXCgGJ+rpCFPl9tkf1MVauCnUZKB3NgpGCn4p46Ku+BjjvHQ5LmwoglBBWcOPzM9xPZyH' +
  'rp/IfpkhrXCChFo4QZscYYixpRK93TbY8yk0WZ1ZEY0Ef87EJuSNB9hKFDjV9LpynPTC2jXxDYkOwBzJIP/BKlMoKkWsNaCj' +
  '59+MMYS9e7SQGALg9jLDNNgXODy+E4JKuMhCE3rd1pPM0n04wXjqFRO2wrm8/5fvQXS1Z2vQb8p9AZ0tSKG5eVFqpID+ylps' +
  'WwIDAQAB'
