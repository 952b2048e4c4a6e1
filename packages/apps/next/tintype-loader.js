export { default } from "@tintype/client/next";
