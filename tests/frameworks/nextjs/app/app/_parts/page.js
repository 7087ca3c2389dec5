export default function Page() {
  return <p>parts</p>;
}
