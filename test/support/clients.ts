/** For AWS SDK clients that talk to emulators: nobody checks the credentials, but every call is signed with them. */
export const clientOptions = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};
