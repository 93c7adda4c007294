package web

func (s *Server) ownershipRoutes() {}
